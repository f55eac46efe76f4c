/** ⌘K: go to any page, or find a member, from the keyboard. */
import { SearchOutlined } from '@ant-design/icons'
import { Empty, Flex, Input, Modal, theme } from 'antd'
import { useEffect, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { AREAS } from './areas'
import { useMay } from './session'

interface Place {
  key: string
  label: string
  path: string
}

/** Opens with ⌘K or Ctrl-K. */
export function usePalette(): { isOpen: boolean; open: () => void; close: () => void } {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setOpen(true)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return { isOpen, open: () => setOpen(true), close: () => setOpen(false) }
}

export function CommandPalette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal
      open={isOpen}
      onCancel={onClose}
      footer={null}
      closable={false}
      destroyOnHidden
      styles={{ body: { padding: 0 } }}
    >
      <Chooser onClose={onClose} />
    </Modal>
  )
}

function Chooser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('shell')
  const { token } = theme.useToken()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const places = usePlaces(text)

  const go = (place: Place | undefined) => {
    if (!place) return
    onClose()
    void navigate(place.path)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(places[at])
    else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, places.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else return
    event.preventDefault()
  }
  return (
    <Flex vertical gap="small">
      <Input
        size="large"
        autoFocus
        prefix={<SearchOutlined />}
        placeholder={t('palette.placeholder')}
        role="combobox"
        aria-label={t('palette.hint')}
        aria-expanded
        aria-controls="palette"
        aria-activedescendant={places[at] && `palette-${places[at].key}`}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id="palette" role="listbox" aria-label={t('palette.hint')}>
        {places.map((place, number) => (
          <div
            key={place.key}
            id={`palette-${place.key}`}
            role="option"
            aria-selected={number === at}
            onClick={() => go(place)}
            onMouseEnter={() => setAt(number)}
            style={{
              padding: '8px 12px',
              borderRadius: token.borderRadius,
              cursor: 'pointer',
              background: number === at ? token.controlItemBgActive : undefined,
            }}
          >
            {place.label}
          </div>
        ))}
      </div>
      {!places.length && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('palette.none')} />
      )}
    </Flex>
  )
}

/** Pages whose name holds the text, and the search for a member with it. */
function usePlaces(text: string): Place[] {
  const may = useMay()
  const { t } = useTranslation(['shell', ...AREAS.map((area) => area.key)])
  const wanted = text.trim().toLowerCase()
  const pages = AREAS.filter((area) => !area.scope || may(area.scope))
    .map((area) => ({ key: area.key, label: t(`${area.key}:area`), path: area.path }))
    .filter((place) => place.label.toLowerCase().includes(wanted))
  if (!wanted || !may('members:read')) return pages
  const label = t('palette.member', { text: text.trim() })
  return [
    ...pages,
    { key: 'member', label, path: `/members?search=${encodeURIComponent(text.trim())}` },
  ]
}
