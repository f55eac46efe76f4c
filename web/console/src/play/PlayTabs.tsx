/** The pages of this area: draws, leaderboards, what the program has to play for. */
import { useTranslation } from 'react-i18next'

import { SubNav } from '../shell/SubNav'

export function PlayTabs({ active }: { active: 'draws' | 'boards' | 'challenges' }) {
  const { t } = useTranslation('play')
  return (
    <SubNav
      label={t('area')}
      active={active}
      items={[
        { key: 'draws', label: t('tabs.draws'), path: '/play' },
        { key: 'boards', label: t('tabs.boards'), path: '/play/boards' },
        { key: 'challenges', label: t('tabs.challenges'), path: '/play/challenges' },
      ]}
    />
  )
}
