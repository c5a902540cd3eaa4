import { getRouteApi } from '@tanstack/react-router';
import { ArticlePage } from '@/features/help/article-page';

const route = getRouteApi('/help/$articleId');

export function ArticleRoute() {
  const { articleId } = route.useParams();
  const { quote } = route.useSearch();
  return <ArticlePage articleId={articleId} quote={quote} />;
}
