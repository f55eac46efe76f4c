/** What members can have for points: rewards, what was redeemed, flash sales. */
import { ShopOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'mall',
  order: 33,
  path: '/mall',
  group: 'offers',
  icon: <ShopOutlined />,
  scope: 'offers:read',
  routes: [
    { path: '/mall', lazy: () => import('./RewardsPage') },
    { path: '/mall/rewards/:reward', lazy: () => import('./RewardPage') },
    { path: '/mall/redemptions', lazy: () => import('./RedemptionsPage') },
    { path: '/mall/sales', lazy: () => import('./SalesPage') },
    { path: '/mall/sales/:sale', lazy: () => import('./SalePage') },
  ],
}
