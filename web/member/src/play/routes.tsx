/** Check-ins, challenges, badges, lucky draws and leaderboards. */
import { lazy } from 'react'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'play',
  pages: [
    { path: 'play', Page: lazy(() => import('./PlayPage')) },
    { path: 'play/draws/:draw', Page: lazy(() => import('./DrawPage')) },
    { path: 'play/boards/:board', Page: lazy(() => import('./BoardPage')) },
  ],
}
