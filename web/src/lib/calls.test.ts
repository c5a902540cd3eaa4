import { expect, test } from 'vitest';
import { byArticle } from './calls';

const source = {
  article_id: 'a',
  title: 'Reset',
  url: '/help/a',
  quote: 'Open it.',
  heading: 'Web',
  version: 3,
};

test('sentences of one article are one article, each once and under its heading', () => {
  const cited = [
    source,
    { ...source, quote: 'Tap it.', heading: 'Phone' },
    { ...source, quote: 'Choose it.' },
    source,
  ];
  expect(byArticle(cited)).toEqual([
    {
      key: 'a 3',
      article_id: 'a',
      title: 'Reset',
      url: '/help/a',
      version: 3,
      passages: [
        { heading: 'Web', quotes: ['Open it.', 'Choose it.'] },
        { heading: 'Phone', quotes: ['Tap it.'] },
      ],
    },
  ]);
});

test('two versions of an article are two texts', () => {
  const articles = byArticle([source, { ...source, version: 4 }]);
  expect(articles.map((each) => [each.key, each.version])).toEqual([
    ['a 3', 3],
    ['a 4', 4],
  ]);
});

test('a source that says neither version nor heading is taken as it is', () => {
  const [article] = byArticle([
    { article_id: '', title: 'Reset', url: 'https://help.example/', quote: 'Open it.' },
  ]);
  expect(article?.version).toBeUndefined();
  expect(article?.passages).toEqual([{ heading: '', quotes: ['Open it.'] }]);
});
