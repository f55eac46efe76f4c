/** What a member may use: one benefit with its code, and its appointments. */
import { lazy } from 'react'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'benefits',
  pages: [
    { path: 'benefits', Page: lazy(() => import('./BenefitsPage')) },
    { path: 'benefits/:benefit', Page: lazy(() => import('./BenefitPage')) },
    { path: 'benefits/:benefit/book', Page: lazy(() => import('./BookingPage')) },
  ],
  rows: [{ order: 20, to: '/benefits', word: 'title' }],
}
