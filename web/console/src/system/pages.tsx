/** How the system is: one page among the settings. */
import type { RouteObject } from 'react-router'

export const systemRoutes: RouteObject[] = [
  { path: '/settings/system', lazy: () => import('./SystemPage') },
]
