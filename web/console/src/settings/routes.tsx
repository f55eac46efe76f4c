/** Settings: oneself, colleagues, the organization, people's data, what was done, the machine. */
import { SettingOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'
import { systemRoutes } from '../system/pages'

export const area: Area = {
  key: 'settings',
  order: 60,
  path: '/settings',
  group: 'house',
  icon: <SettingOutlined />,
  routes: [
    {
      lazy: () => import('./SettingsLayout'),
      children: [
        { path: '/settings', lazy: () => import('./FirstPage') },
        { path: '/settings/account', lazy: () => import('./AccountPage') },
        { path: '/settings/staff', lazy: () => import('./StaffPage') },
        { path: '/settings/staff/:name', lazy: () => import('./PersonPage') },
        { path: '/settings/roles', lazy: () => import('./RolesPage') },
        { path: '/settings/organization', lazy: () => import('./OrganizationPage') },
        { path: '/settings/sign-in', lazy: () => import('./ProvidersPage') },
        { path: '/settings/enrolments', lazy: () => import('./EnrolmentsPage') },
        { path: '/settings/privacy', lazy: () => import('./PrivacyPage') },
        { path: '/settings/audit', lazy: () => import('./AuditPage') },
        ...systemRoutes,
      ],
    },
  ],
}
