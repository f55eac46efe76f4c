/** The program in force, in plain words; its versions; its drafts. */
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'

import { PageHead } from '../shell/PageHead'
import { useMay } from '../shell/session'
import { useUrlState } from '../shell/urlState'
import { DraftList } from './drafts/DraftList'
import { NewDraft } from './drafts/NewDraft'
import { InForce } from './versions/InForce'
import { Versions } from './versions/Versions'

export function Component() {
  const { t } = useTranslation(['program', 'document'])
  const may = useMay()
  const [tab, setTab] = useUrlState('tab', 'inForce')
  return (
    <>
      <PageHead
        title={t('page.title')}
        sub={t('page.sub')}
        extra={may('program:draft') && <NewDraft />}
      />
      <Tabs
        activeKey={tab}
        onChange={setTab}
        items={[
          { key: 'inForce', label: t('page.inForce'), children: <InForce /> },
          { key: 'drafts', label: t('page.drafts'), children: <DraftList /> },
          { key: 'versions', label: t('page.versions'), children: <Versions /> },
        ]}
      />
    </>
  )
}
