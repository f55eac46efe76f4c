/** What a draft said before, revision by revision, and the way back. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Drawer, Flex, List, Skeleton, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { useActor } from '../../shell/actors'
import { TextDiff } from './TextDiff'
import { useText, type Desk } from './useDraft'

interface Props {
  desk: Desk
  isOpen: boolean
  isReadOnly: boolean
  onClose: () => void
}

export function RevisionsDrawer({ isOpen, onClose, ...inner }: Props) {
  const { t } = useTranslation('program')
  return (
    <Drawer
      open={isOpen}
      onClose={onClose}
      title={t('revisions.title')}
      size={680}
      destroyOnHidden
      styles={{ wrapper: { maxWidth: '100vw' } }}
    >
      <Revisions {...inner} onDone={onClose} />
    </Drawer>
  )
}

type InnerProps = Omit<Props, 'isOpen' | 'onClose'> & { onDone: () => void }

function Revisions({ desk, isReadOnly, onDone }: InnerProps) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const who = useActor()
  const [chosen, setChosen] = useState<number | null>(null)
  const found = api.useQuery(
    'get',
    '/v1/drafts/{draft}/revisions',
    { params: { path: { draft: desk.draft }, query: { limit: 100 } } },
    { staleTime: 0 },
  )
  if (found.isPending) return <Skeleton active />
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  return (
    <Flex vertical gap="middle">
      {chosen !== null && (
        <OneRevision
          key={chosen}
          desk={desk}
          revision={chosen}
          isReadOnly={isReadOnly}
          onDone={onDone}
        />
      )}
      <List
        size="small"
        dataSource={found.data.items}
        renderItem={(one) => (
          <List.Item
            actions={[
              <Button
                key="show"
                type="link"
                size="small"
                aria-pressed={chosen === one.revision}
                onClick={() => setChosen(one.revision)}
              >
                {t('revisions.show')}
              </Button>,
            ]}
          >
            <List.Item.Meta
              title={t('revisions.one', { revision: one.revision })}
              description={`${who(one.changed_by)} · ${formats.moment(one.changed_at)}`}
            />
          </List.Item>
        )}
      />
    </Flex>
  )
}

function OneRevision({ desk, revision, isReadOnly, onDone }: InnerProps & { revision: number }) {
  const { t } = useTranslation('program')
  const text = useText(desk.writing)
  const path = { draft: desk.draft, revision }
  const found = api.useQuery('get', '/v1/drafts/{draft}/revisions/{revision}', { params: { path } })
  if (found.isPending) return <Skeleton active />
  if (found.error) return <ProblemAlert problem={found.error} />
  const back = () => {
    desk.writing.replace(found.data.document)
    onDone()
  }
  return (
    <Flex vertical gap="small">
      <Typography.Text>{t('revisions.compared', { revision })}</Typography.Text>
      <TextDiff before={found.data.document} after={text} />
      {!isReadOnly && text !== found.data.document && (
        <div>
          <Button onClick={back}>{t('revisions.back', { revision })}</Button>
        </div>
      )}
    </Flex>
  )
}
