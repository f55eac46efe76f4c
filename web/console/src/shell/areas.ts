/** The areas of the console: each folder says in its `routes.tsx` what it is and which pages it has. */
import type { ReactNode } from 'react'
import type { RouteObject } from 'react-router'

export interface Area {
  /** The folder's name; its words have `area` for the menu. */
  key: string
  /** Where in the menu: smaller is higher. */
  order: number
  path: string
  /** The heading in the menu that it stands under; the first areas have none. */
  group?: 'till' | 'offers' | 'house'
  icon: ReactNode
  /** Who may not do this does not see the area. */
  scope?: string
  routes: RouteObject[]
}

const found = import.meta.glob<{ area: Area }>('../*/routes.tsx', { eager: true })

export const AREAS: Area[] = Object.values(found)
  .map((one) => one.area)
  .sort((one, other) => one.order - other.order)

/** The area that a path of the console is in. */
export function areaOf(path: string): Area | undefined {
  return [...AREAS]
    .sort((one, other) => other.path.length - one.path.length)
    .find(
      (area) => path === area.path || path.startsWith(area.path === '/' ? '/' : `${area.path}/`),
    )
}

/** The areas under their headings, in the order of the menu. */
export function grouped(areas: Area[]): [string, Area[]][] {
  const groups = new Map<string, Area[]>()
  for (const area of areas) {
    const group = area.group ?? ''
    groups.set(group, [...(groups.get(group) ?? []), area])
  }
  return [...groups]
}
