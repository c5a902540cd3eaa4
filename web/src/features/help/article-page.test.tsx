// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { afterEach, expect, test } from 'vitest';
import { server } from '../../../tests/server';
import { show } from '../../../tests/show';
import { ArticlePage } from './article-page';

afterEach(() => {
  window.location.hash = '';
});

test.each(['#100%', '#100%25'])('an address that ends in %s shows the article', async (hash) => {
  server.use(
    http.get('*/api/articles/a1', () =>
      HttpResponse.json({ article_id: 'a1', title: 'Discounts', markdown: '## 100%', updated_at: null }),
    ),
  );
  window.location.hash = hash;
  show(<ArticlePage articleId="a1" quote="" />);
  expect(await screen.findByRole('heading', { name: 'Discounts' })).toBeTruthy();
});
