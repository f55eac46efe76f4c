/** Where one goes after signing in: a path of this server, and never somebody else's site. */
const HOME = '/my/'
const MOST = 4_000

/** The path that was asked for, if it leads nowhere else; the first page otherwise. */
export function nextOf(search: string): string {
  const asked = new URLSearchParams(search).get('next') ?? ''
  // Browsers read "//host" and "/\host" as another site, and drop tabs and line ends.
  const isPath = /^\/(?![/\\])[\x21-\x7e]*$/.test(asked) && !asked.includes('\\')
  if (!isPath || asked.length > MOST) return HOME
  const target = new URL(asked, location.origin)
  return target.origin === location.origin ? target.pathname + target.search + target.hash : HOME
}

/** Go there: within these pages without loading them anew. */
export function goOn(path: string, navigate: (to: string) => unknown): void {
  if (path === HOME || path.startsWith('/my/')) void navigate(path.slice('/my'.length) || '/')
  else location.assign(path)
}
