import type { Request, User } from './types.ts';

export function canDelete(user: User, request: Request): boolean {
  if (!user.roles.includes('admin')) return false;
  return request.project === user.project;
}
