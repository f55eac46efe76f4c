/** Benefits in use: what the program gives, what was given by hand, what was used, appointments. */
import { GiftOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'benefits',
  order: 31,
  path: '/benefits',
  group: 'offers',
  icon: <GiftOutlined />,
  scope: 'offers:read',
  routes: [
    { path: '/benefits', lazy: () => import('./OfferedPage') },
    { path: '/benefits/grants', lazy: () => import('./GrantsPage') },
    { path: '/benefits/uses', lazy: () => import('./UsesPage') },
    { path: '/benefits/appointments', lazy: () => import('./AppointmentsPage') },
  ],
}
