/** Paid cards: who holds which until when, what they bring in, and what is given back. */
import { IdcardOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'memberships',
  order: 35,
  path: '/cards',
  group: 'offers',
  icon: <IdcardOutlined />,
  scope: 'offers:read',
  routes: [
    { path: '/cards', lazy: () => import('./MembershipsPage') },
    { path: '/cards/:membership', lazy: () => import('./MembershipPage') },
  ],
}
