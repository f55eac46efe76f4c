/** Budgets: how much of each is used, what is left, and when it runs out at this pace. */
import { FundOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'budgets',
  order: 36,
  path: '/budgets',
  group: 'offers',
  icon: <FundOutlined />,
  scope: 'offers:read',
  routes: [{ path: '/budgets', lazy: () => import('./BudgetsPage') }],
}
