/** Partners: what each may use for members, who does so, and what was used there. */
import { ApartmentOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'partners',
  order: 37,
  path: '/partners',
  group: 'offers',
  icon: <ApartmentOutlined />,
  scope: 'offers:read',
  routes: [{ path: '/partners', lazy: () => import('./PartnersPage') }],
}
