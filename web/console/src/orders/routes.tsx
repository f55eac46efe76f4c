/** Orders of tills: what was asked, what it cost and why, what came back. */
import { ShoppingCartOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'orders',
  order: 22,
  path: '/orders',
  group: 'till',
  icon: <ShoppingCartOutlined />,
  scope: 'orders:read',
  routes: [
    { path: '/orders', lazy: () => import('./OrdersPage') },
    { path: '/orders/:name', lazy: () => import('./OrderPage') },
  ],
}
