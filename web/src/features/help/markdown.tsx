import type { Nodes, Root, TableRow } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { createElement, Fragment, type ReactNode, useMemo } from 'react';
import { QUOTE_BREAK, safeUrl } from '@/lib/safe-url';
import { cite } from './cite';

type Props = { source: string; title: string; quote: string };

/** An article as elements of ours. HTML in it is shown as the text it is; no script can come from here. */
export function Markdown({ source, title, quote }: Props) {
  const tree = useMemo(() => parse(source, title, quote), [source, title, quote]);
  return <div className="article">{inside(tree)}</div>;
}

export function parse(source: string, title: string, quote: string): Root {
  const tree = fromMarkdown(source, {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
  const [first] = tree.children;
  if (first?.type === 'heading' && plain(first) === title) tree.children.shift();
  for (const sentence of quote.split(QUOTE_BREAK)) cite(tree, sentence);
  return tree;
}

export const plain = (node: Nodes): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map(plain).join('') : '';

/** The `#` address of a heading. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** As arguments, not as a list: a parsed document never changes its order, so its parts need no keys. */
const all = (nodes: ReactNode[]): ReactNode => createElement(Fragment, null, ...nodes);
const inside = (node: Nodes): ReactNode => ('children' in node ? all(node.children.map(element)) : null);

function element(node: Nodes): ReactNode {
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value;
    case 'cited':
      return <mark>{node.value}</mark>;
    case 'paragraph':
      return <p>{inside(node)}</p>;
    case 'heading':
      // The title is the page's h1.
      return createElement(`h${Math.max(2, node.depth)}`, { id: slug(plain(node)) }, inside(node));
    case 'emphasis':
      return <em>{inside(node)}</em>;
    case 'strong':
      return <strong>{inside(node)}</strong>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return (
        <pre>
          <code>{node.value}</code>
        </pre>
      );
    case 'break':
      return <br />;
    case 'blockquote':
      return <blockquote>{inside(node)}</blockquote>;
    case 'thematicBreak':
      return <hr />;
    case 'list':
      return node.ordered ? <ol start={node.start ?? 1}>{inside(node)}</ol> : <ul>{inside(node)}</ul>;
    case 'listItem':
      return <li>{inside(node)}</li>;
    case 'link': {
      const href = safeUrl(node.url);
      return href ? (
        <a href={href} rel="noreferrer">
          {inside(node)}
        </a>
      ) : (
        inside(node)
      );
    }
    case 'image':
      return node.alt ? <em>{node.alt}</em> : null;
    case 'table':
      return <Table rows={node.children} />;
    default:
      return inside(node);
  }
}

const headCell = (cell: Nodes): ReactNode => <th scope="col">{inside(cell)}</th>;
const bodyCell = (cell: Nodes): ReactNode => <td>{inside(cell)}</td>;
const bodyRow = (row: TableRow): ReactNode => <tr>{all(row.children.map(bodyCell))}</tr>;

function Table({ rows }: { rows: TableRow[] }) {
  const [head, ...body] = rows;
  return (
    <div className="overflow-x-auto">
      <table>
        <thead>
          <tr>{all(head?.children.map(headCell) ?? [])}</tr>
        </thead>
        <tbody>{all(body.map(bodyRow))}</tbody>
      </table>
    </div>
  );
}
