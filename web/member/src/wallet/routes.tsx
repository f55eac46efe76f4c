/** What the member has to use: coupons and benefits, and where more of them are to be had. */
import { lazy } from 'react'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'wallet',
  pages: [
    { path: 'wallet', Page: lazy(() => import('./WalletPage')) },
    { path: 'wallet/claim', Page: lazy(() => import('./ClaimPage')) },
    { path: 'wallet/coupons/:coupon', Page: lazy(() => import('./CouponPage')) },
  ],
}
