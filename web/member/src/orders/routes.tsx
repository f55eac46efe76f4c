/** What the member ordered: prices, what was taken off, what came back. */
import { lazy } from 'react'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'orders',
  pages: [
    { path: 'orders', Page: lazy(() => import('./OrdersPage')) },
    { path: 'orders/:order', Page: lazy(() => import('./OrderPage')) },
  ],
  rows: [{ order: 10, to: '/orders', word: 'title' }],
}
