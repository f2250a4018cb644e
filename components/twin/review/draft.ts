/** What makes a title a draft's. Source: docs.gitlab.com/user/project/merge_requests/drafts */
const marks = /^(?:\s*(?:\[draft\]|\(draft\)|draft:))+\s*/i;

export function isDraft({ title }: { readonly title: string }): boolean {
  return marks.test(title);
}

export function withDraft(title: string, draft: boolean): string {
  const plain = title.replace(marks, '');
  return draft ? `Draft: ${plain}` : plain;
}
