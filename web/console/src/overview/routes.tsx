/** How the program does: figures, trends, what to look at, decisions as they are made. */
import { DashboardOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'overview',
  order: 10,
  path: '/',
  icon: <DashboardOutlined />,
  scope: 'members:read',
  routes: [{ path: '/', lazy: () => import('./OverviewPage') }],
}
