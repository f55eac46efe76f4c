/** The top of the designer: which draft, whether it is saved, undo and redo. */
import { DeleteOutlined, HistoryOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { App, Button, Flex, Tooltip, Typography } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { PageHead } from '../../shell/PageHead'
import { RevisionsDrawer } from './RevisionsDrawer'
import { SavingTag } from './SavingTag'
import { useSaving, type Desk, type Draft } from './useDraft'
import type { Reading } from './useReading'

interface Props {
  desk: Desk
  first: Draft
  reading: Reading
  isReadOnly: boolean
}

export function DraftHead({ desk, first, isReadOnly }: Props) {
  const { t } = useTranslation('program')
  const { writing, saver } = desk
  const saving = useSaving(saver)
  const [isHistory, setHistory] = useState(false)
  const [name, setName] = useState(first.name)
  const rename = (next: string) => {
    const clean = next.trim()
    if (!clean) return
    setName(clean)
    saver.change({ name: clean })
  }
  const base = first.base_version
  return (
    <>
      <PageHead
        title={name}
        sub={
          <Flex gap="small" align="center" wrap component="span">
            <Link to="/program">{t('draft.all')}</Link>
            <span>
              {base === null ? t('draft.fromNothing') : t('draft.from', { version: base })}
            </span>
            {first.is_published_as !== null && (
              <span>{t('draft.published', { version: first.is_published_as })}</span>
            )}
            <SavingTag desk={desk} saving={saving} />
          </Flex>
        }
        extra={
          <>
            <Typography.Text
              aria-label={t('draft.rename')}
              {...(isReadOnly
                ? {}
                : {
                    editable: {
                      text: name,
                      maxLength: 100,
                      tooltip: t('draft.rename'),
                      onChange: rename,
                    },
                  })}
            />
            <Act
              label={t('shared:undo')}
              icon={<UndoOutlined />}
              disabled={!writing.canUndo || isReadOnly}
              onClick={() => writing.undo()}
            />
            <Act
              label={t('draft.redo')}
              icon={<RedoOutlined />}
              disabled={!writing.canRedo || isReadOnly}
              onClick={() => writing.redo()}
            />
            <Act
              label={t('revisions.title')}
              icon={<HistoryOutlined />}
              onClick={() => setHistory(true)}
            />
            {!isReadOnly && <DeleteButton draft={first.draft} />}
          </>
        }
      />
      <RevisionsDrawer
        desk={desk}
        isOpen={isHistory}
        isReadOnly={isReadOnly}
        onClose={() => setHistory(false)}
      />
    </>
  )
}

interface ActProps {
  label: string
  icon: ReactNode
  disabled?: boolean
  isDanger?: boolean
  onClick: () => void
}

function Act({ label, icon, disabled = false, isDanger = false, onClick }: ActProps) {
  return (
    <Tooltip title={label}>
      <Button
        icon={icon}
        aria-label={label}
        disabled={disabled}
        danger={isDanger}
        onClick={onClick}
      />
    </Tooltip>
  )
}

function DeleteButton({ draft }: { draft: string }) {
  const { t } = useTranslation('program')
  const { modal, message } = App.useApp()
  const navigate = useNavigate()
  const remove = api.useMutation('delete', '/v1/drafts/{draft}')
  const ask = () =>
    modal.confirm({
      title: t('draft.deleteTitle'),
      content: t('draft.deleteText'),
      okText: t('shared:delete'),
      okButtonProps: { danger: true },
      cancelText: t('shared:cancel'),
      onOk: async () => {
        const gone = await remove.mutateAsync({ params: { path: { draft } } })
        message.success(t('draft.deleted', { name: gone.name }))
        await navigate('/program')
      },
    })
  return (
    <Act label={t('draft.delete')} icon={<DeleteOutlined />} isDanger onClick={() => void ask()} />
  )
}
