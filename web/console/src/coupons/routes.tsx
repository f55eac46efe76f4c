/** Coupons: what they give, who has them, what came of them. */
import { TagsOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'coupons',
  order: 32,
  path: '/coupons',
  group: 'offers',
  icon: <TagsOutlined />,
  scope: 'offers:read',
  routes: [
    { path: '/coupons', lazy: () => import('./TemplatesPage') },
    { path: '/coupons/:template', lazy: () => import('./TemplatePage') },
  ],
}
