/** What is played: lucky draws, leaderboards, challenges and badges. */
import { TrophyOutlined } from '@ant-design/icons'

import type { Area } from '../shell/areas'

export const area: Area = {
  key: 'play',
  order: 34,
  path: '/play',
  group: 'offers',
  icon: <TrophyOutlined />,
  scope: 'offers:read',
  routes: [
    { path: '/play', lazy: () => import('./DrawsPage') },
    { path: '/play/draws/:draw', lazy: () => import('./DrawPage') },
    { path: '/play/boards', lazy: () => import('./BoardsPage') },
    { path: '/play/challenges', lazy: () => import('./ChallengesPage') },
  ],
}
