/** What can be had for points, sales, and what one took. */
import { lazy } from 'react'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'mall',
  pages: [
    { path: 'mall', Page: lazy(() => import('./MallPage')) },
    { path: 'mall/redemptions', Page: lazy(() => import('./RedemptionsPage')) },
    { path: 'mall/redemptions/:redemption', Page: lazy(() => import('./RedemptionPage')) },
    { path: 'mall/sales/:sale', Page: lazy(() => import('./SalePage')) },
    { path: 'mall/:reward', Page: lazy(() => import('./RewardPage')) },
  ],
  rows: [{ order: 20, to: '/mall/redemptions', word: 'mine.title' }],
}
