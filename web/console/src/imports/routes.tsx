/** What comes in: files, and the applications and keys that send events. */
import { ImportOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'imports',
  order: 50,
  path: '/imports',
  group: 'house',
  icon: <ImportOutlined />,
  scope: 'imports:write',
  routes: [
    { path: '/imports', lazy: () => import('./ImportsPage') },
    { path: '/imports/applications', lazy: () => import('./ClientsPage') },
    { path: '/imports/keys', lazy: () => import('./KeysPage') },
    { path: '/imports/:name', lazy: () => import('./ImportPage') },
  ],
}
