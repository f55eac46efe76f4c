/** What the member was told in the app. */
import { lazy } from 'react'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'notices',
  pages: [{ path: 'notices', Page: lazy(() => import('./NoticesPage')) }],
  rows: [{ order: 5, to: '/notices', word: 'title' }],
}
