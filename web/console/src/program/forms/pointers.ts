/** JSON pointers (RFC 6901), with which the server says where in a document something is. */
import type { Path } from '../writing/tree'

export function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Numbers are places in lists where the document has lists; a mapping's key may be a number too,
 *  which the tree finds as well. */
export function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** Whether what a pointer names is at the path, or within it. */
export function isWithin(pointer: string, path: Path): boolean {
  const around = pointerOf(path)
  return pointer === around || pointer.startsWith(`${around}/`)
}
