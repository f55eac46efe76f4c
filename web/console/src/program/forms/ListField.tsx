/** A list of entries that have fields of their own: add, take away, move. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Card, Flex } from 'antd'
import { useTranslation } from 'react-i18next'

import { useForm, useValue } from './context'
import { NeedField } from './NeedField'
import { RecordFields } from './RecordFields'
import type { FieldProps } from './scalars'
import { beginning, resolved, shapeName } from './schema'

export function ListField({ path, schema, label }: FieldProps) {
  const { t } = useTranslation('program')
  const { root, edit, isReadOnly } = useForm()
  const kept = useValue(path)
  const items = resolved(root, schema).items ?? {}
  const list: unknown[] = Array.isArray(kept) ? kept : []
  return (
    <Flex vertical gap="small">
      {list.map((_, at) => (
        <Card
          key={at}
          size="small"
          title={`${label} ${at + 1}`}
          extra={!isReadOnly && <Moves path={path} at={at} count={list.length} label={label} />}
        >
          {shapeName(items) === 'need' ? (
            <NeedField id="" path={[...path, at]} schema={items} label={label} />
          ) : (
            <RecordFields path={[...path, at]} schema={items} />
          )}
        </Card>
      ))}
      {!isReadOnly && (
        <div>
          <Button
            size="small"
            icon={<PlusOutlined />}
            onClick={() =>
              edit((tree) =>
                list.length
                  ? tree.insert(path, list.length, beginning(root, items))
                  : tree.set(path, [beginning(root, items)]),
              )
            }
          >
            {t('forms.addTo', { label })}
          </Button>
        </div>
      )}
    </Flex>
  )
}

interface MovesProps {
  path: FieldProps['path']
  at: number
  count: number
  label: string
}

export function Moves({ path, at, count, label }: MovesProps) {
  const { t } = useTranslation('program')
  const { edit } = useForm()
  const one = `${label} ${at + 1}`
  return (
    <Flex>
      <Button
        type="text"
        size="small"
        icon={<ArrowUpOutlined />}
        aria-label={t('forms.up', { label: one })}
        disabled={at === 0}
        onClick={() => edit((tree) => tree.move(path, at, at - 1))}
      />
      <Button
        type="text"
        size="small"
        icon={<ArrowDownOutlined />}
        aria-label={t('forms.down', { label: one })}
        disabled={at === count - 1}
        onClick={() => edit((tree) => tree.move(path, at, at + 1))}
      />
      <Button
        type="text"
        size="small"
        danger
        icon={<DeleteOutlined />}
        aria-label={t('forms.without', { label: one })}
        onClick={() => edit((tree) => tree.remove([...path, at]))}
      />
    </Flex>
  )
}
