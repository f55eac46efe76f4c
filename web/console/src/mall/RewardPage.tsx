/** One reward: its terms, its pictures, its stock. */
import { api } from '@regulars/shared/api/client'
import { Card, Flex, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useWords } from './money'
import { PicturesCard } from './PicturesCard'
import { RewardForm } from './RewardForm'
import { StockCard } from './StockCard'

export function Component() {
  const { t } = useTranslation('mall')
  const { reward = 'new' } = useParams()
  if (reward === 'new')
    return (
      <>
        <PageHead title={t('reward.add')} />
        <Card>
          <RewardForm key="new" />
        </Card>
      </>
    )
  return <Existing key={reward} reward={reward} />
}

function Existing({ reward }: { reward: string }) {
  const words = useWords()
  const found = api.useQuery(
    'get',
    '/v1/rewards/{reward}',
    { params: { path: { reward } } },
    { staleTime: 0 },
  )
  const refetch = () => void found.refetch()
  return (
    <>
      <PageHead title={found.data ? words(found.data.terms.name) : '…'} />
      <ProblemAlert problem={found.error} onRetry={refetch} />
      {!found.data && !found.error && <Skeleton active />}
      {found.data && (
        <Flex vertical gap="middle">
          <StockCard reward={found.data} onChanged={refetch} />
          <PicturesCard reward={found.data} onChanged={refetch} />
          <Card>
            <RewardForm key={found.data.revision} reward={found.data} onSaved={refetch} />
          </Card>
        </Flex>
      )}
    </>
  )
}
