/** The program: what is in force, its drafts, and the designer. */
import { DeploymentUnitOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'program',
  order: 30,
  path: '/program',
  group: 'offers',
  icon: <DeploymentUnitOutlined />,
  scope: 'program:read',
  routes: [
    { path: '/program', lazy: () => import('./ProgramPage') },
    { path: '/program/drafts/:draft', lazy: () => import('./DraftPage') },
  ],
}
