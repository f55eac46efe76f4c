/** Language, and light or dark. */
import { MoonOutlined, SunOutlined } from '@ant-design/icons'
import { Button, Flex, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { useLook } from './Themed'

export function LookSwitches() {
  const { t } = useTranslation('shell')
  const { shade, setShade, language, setLanguage } = useLook()
  const other = shade === 'dark' ? 'light' : 'dark'
  return (
    <Flex gap={4}>
      <Button
        type="text"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
      >
        {language === 'zh' ? 'English' : '中文'}
      </Button>
      <Tooltip title={t(`shade.${other}`)}>
        <Button
          type="text"
          aria-label={t(`shade.${other}`)}
          icon={other === 'dark' ? <MoonOutlined /> : <SunOutlined />}
          onClick={() => setShade(other)}
        />
      </Tooltip>
    </Flex>
  )
}
