/** Finds the cited sentence in an article's syntax tree and marks it, across bold text and links. */
import type { Nodes, Parents, Root, Text } from 'mdast';

export type Cited = { type: 'cited'; value: string };

declare module 'mdast' {
  interface RootContentMap {
    cited: Cited;
  }
  interface PhrasingContentMap {
    cited: Cited;
  }
}

type Letter = { leaf: Text; at: number };
/** Quotes this short appear by chance. */
const SHORTEST_BLOCK = 20;

const FOLDED: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '\u00a0': ' ',
};

function fold(character: string): string {
  const folded = FOLDED[character] ?? character;
  return /\s/.test(folded) ? ' ' : folded.toLowerCase();
}

export function foldText(text: string): string {
  return [...text].map(fold).join('').replace(/ +/g, ' ').trim();
}

/** Returns whether anything was marked; the tree is changed in place. */
export function cite(tree: Root, quote: string): boolean {
  const wanted = foldText(quote);
  if (!wanted) return false;
  let found = false;
  for (const block of blocks(tree)) found = citeIn(block, wanted) || found;
  return found;
}

function blocks(node: Nodes): Parents[] {
  if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell') return [node];
  return 'children' in node ? node.children.flatMap(blocks) : [];
}

function citeIn(block: Parents, wanted: string): boolean {
  const leaves = texts(block);
  const letters: Letter[] = [];
  let folded = '';
  for (const leaf of leaves) {
    let at = 0;
    for (const character of leaf.value) {
      const letter = fold(character);
      if (!(letter === ' ' && (folded === '' || folded.endsWith(' ')))) {
        folded += letter;
        for (let unit = 0; unit < letter.length; unit += 1) letters.push({ leaf, at });
      }
      at += character.length;
    }
  }
  const whole = folded.trim();
  // A quote may span several blocks: then each block that lies within it is marked.
  const within = whole.length >= SHORTEST_BLOCK && wanted.includes(whole);
  const from = within ? 0 : folded.indexOf(wanted);
  if (from < 0) return false;
  const marked = letters.slice(from, from + (within ? whole.length : wanted.length));
  for (const leaf of new Set(marked.map((letter) => letter.leaf))) {
    const places = marked.filter((letter) => letter.leaf === leaf).map((letter) => letter.at);
    replace(block, leaf, Math.min(...places), Math.max(...places) + 1);
  }
  return true;
}

function texts(node: Nodes): Text[] {
  if (node.type === 'text') return [node];
  return 'children' in node ? node.children.flatMap((child) => texts(child)) : [];
}

function replace(parent: Parents, leaf: Text, from: number, to: number): void {
  const children = parent.children as Nodes[];
  const at = children.indexOf(leaf);
  if (at < 0) {
    for (const child of children) if ('children' in child) replace(child, leaf, from, to);
    return;
  }
  const pieces: Nodes[] = [
    { type: 'text', value: leaf.value.slice(0, from) },
    { type: 'cited', value: leaf.value.slice(from, to) },
    { type: 'text', value: leaf.value.slice(to) },
  ];
  children.splice(at, 1, ...pieces.filter((piece) => 'value' in piece && piece.value));
}
