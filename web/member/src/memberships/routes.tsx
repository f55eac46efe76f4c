/** Paid cards: what is on offer, what one holds, what it saved, and who shares it. */
import { lazy } from 'react'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'memberships',
  pages: [{ path: 'card', Page: lazy(() => import('./CardPage')) }],
  rows: [{ order: 30, to: '/card', word: 'title' }],
}
