/** What can be done for a member: a menu of deeds, each with its own question. */
import { DownOutlined } from '@ant-design/icons'
import type { Schemas } from '@regulars/shared/api/client'
import { Button, Dropdown, type MenuProps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useMay } from '../../shell/session'
import { AdjustModal } from './AdjustModal'
import { EraseModal } from './EraseModal'
import { ExportModal } from './ExportModal'
import { FreezeModal } from './FreezeModal'
import { MergeModal } from './MergeModal'
import { RestrictModal } from './RestrictModal'
import { TransferModal } from './TransferModal'

type Member = Schemas['MemberAnswer']

const DEEDS = [
  { key: 'adjust', scope: 'ledger:write' },
  { key: 'transfer', scope: 'ledger:write' },
  { key: 'freeze', scope: 'members:manage' },
  { key: 'merge', scope: 'members:manage' },
  { key: 'export', scope: 'privacy:manage' },
  { key: 'restrict', scope: 'privacy:manage' },
  { key: 'erase', scope: 'privacy:manage' },
] as const

type Deed = (typeof DEEDS)[number]['key']

export function Deeds({ member }: { member: Member }) {
  const { t } = useTranslation('members')
  const may = useMay()
  const [open, setOpen] = useState<Deed>()
  const allowed = DEEDS.filter((one) => may(one.scope))
  if (member.status === 'erased' || !allowed.length) return null
  const label: Record<Deed, string> = {
    adjust: t('deed.adjust'),
    transfer: t('deed.transfer'),
    freeze: member.frozen_at ? t('deed.unfreeze') : t('deed.freeze'),
    merge: t('deed.merge'),
    export: t('deed.export'),
    restrict: member.restricted_at ? t('deed.unrestrict') : t('deed.restrict'),
    erase: t('deed.erase'),
  }
  const items: MenuProps['items'] = allowed.map(({ key }) => ({
    key,
    label: label[key],
    danger: key === 'erase',
  }))
  const close = () => setOpen(undefined)
  const props = (deed: Deed) => ({ member, isOpen: open === deed, onClose: close })
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => setOpen(key as Deed) }}>
        <Button>
          {t('deed.menu')} <DownOutlined />
        </Button>
      </Dropdown>
      <AdjustModal {...props('adjust')} />
      <TransferModal {...props('transfer')} />
      <FreezeModal {...props('freeze')} />
      <MergeModal {...props('merge')} />
      <ExportModal {...props('export')} />
      <RestrictModal {...props('restrict')} />
      <EraseModal {...props('erase')} />
    </>
  )
}
