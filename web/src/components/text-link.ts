/** The look of a link within a text. */
export const textLink = 'font-medium text-accent underline underline-offset-4 hover:no-underline';

/** The same for a link that stands alone: as tall as a thumb, broken where it must be. */
export const aloneLink =
  'inline-flex min-h-11 items-center wrap-anywhere font-medium text-accent underline-offset-4 hover:underline';
