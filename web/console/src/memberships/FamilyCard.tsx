/** Who shares a card, and taking somebody out. */
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { App, Button, Card, Popconfirm, Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import type { Detail } from './standings'

export function FamilyCard({ of, onChange }: { of: Detail; onChange: () => void }) {
  const { t } = useTranslation('memberships')
  const formats = useFormats()
  const may = useMay()
  const { message } = App.useApp()
  const remove = api.useMutation('delete', '/v1/memberships/{membership}/family/{person}')
  if (!of.family.length) return null
  const { membership } = of.membership
  const onSuccess = () => {
    void message.success(t('family.gone'))
    onChange()
  }
  return (
    <Card title={t('family.title')} styles={{ body: { padding: 0 } }}>
      <ProblemAlert problem={remove.error} />
      <Table
        size="small"
        rowKey="person"
        dataSource={of.family}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            title: t('field.member'),
            render: (_, one) =>
              one.member ? <Link to={`/members/${one.member}`}>{one.member}</Link> : '–',
          },
          { title: t('field.standing'), render: (_, one) => t(`family.${one.state}`) },
          { title: t('family.invitedAt'), render: (_, one) => formats.day(one.invited_at) },
          {
            title: t('family.joinedAt'),
            render: (_, one) => (one.joined_at ? formats.day(one.joined_at) : '–'),
          },
          {
            key: 'deed',
            render: (_, { person, state }) =>
              may('offers:write') &&
              (state === 'joined' || state === 'invited') && (
                <Popconfirm
                  title={t('family.sure')}
                  okText={t('family.remove')}
                  cancelText={t('shared:cancel')}
                  onConfirm={() =>
                    remove.mutate({ params: { path: { membership, person } } }, { onSuccess })
                  }
                >
                  <Button size="small" type="text" danger loading={remove.isPending}>
                    {t('family.remove')}
                  </Button>
                </Popconfirm>
              ),
          },
        ]}
      />
    </Card>
  )
}
