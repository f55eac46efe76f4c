/** The areas of the member's pages: each folder may say in its `routes.tsx` which pages it has. */
import type { ComponentType, LazyExoticComponent } from 'react'

type Page = LazyExoticComponent<ComponentType>

export interface Area {
  /** The folder's name. */
  key: string
  pages: { path: string; Page: Page; isOpen?: boolean }[]
  /** Rows on the page "Me": `word` is a key of the folder's words. */
  rows?: { order: number; to: string; word: string }[]
}

const found = import.meta.glob<{ area: Area }>('../*/routes.tsx', { eager: true })

export const AREAS: Area[] = Object.values(found).map((one) => one.area)

export const PATHS = new Set(AREAS.flatMap((area) => area.pages.map((page) => `/${page.path}`)))
