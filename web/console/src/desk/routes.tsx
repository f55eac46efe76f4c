/** The desk: whatever a member shows is scanned or typed, and what they may use is used. */
import { ScanOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'desk',
  order: 24,
  path: '/desk',
  group: 'till',
  icon: <ScanOutlined />,
  scope: 'desk:use',
  routes: [{ path: '/desk', lazy: () => import('./DeskPage') }],
}
