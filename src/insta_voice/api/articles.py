"""Help articles, for the page at `/help/{id}`: only those the reader's plan and role may see."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from insta_voice.api.problem import declared
from insta_voice.api.services import CurrentProfile, CurrentServices
from insta_voice.knowledge import get_article

router = APIRouter(prefix="/api/articles", tags=["knowledge"])


class ArticleOut(BaseModel):
    """An article as Markdown; the page renders it as text, never as HTML of its own."""

    article_id: str
    title: str
    markdown: str = Field(description="CommonMark with tables")
    updated_at: datetime


@router.get(
    "/{article_id}",
    operation_id="readArticle",
    summary="A help article the reader may see",
    responses=declared(401, 403, 404, 503),
)
async def read_article(services: CurrentServices, profile: CurrentProfile, article_id: str) -> ArticleOut:
    """404 for an unknown article and for one that is not for this reader alike."""
    article = await get_article(services.db, article_id, profile.user_id)
    return ArticleOut(
        article_id=article.article_id, title=article.title, markdown=article.markdown, updated_at=article.updated_at
    )
