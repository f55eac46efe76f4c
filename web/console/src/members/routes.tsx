/** Members: found by whatever one has of them, listed, and each on a page. */
import { TeamOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'members',
  order: 20,
  path: '/members',
  icon: <TeamOutlined />,
  scope: 'members:read',
  routes: [
    { path: '/members', lazy: () => import('./MembersPage') },
    { path: '/members/:ref', lazy: () => import('./member/MemberPage') },
  ],
}
