"""Characters that count as the same when somebody searches. Pure.

Folding replaces one character by one, so that a place in a folded text is the same place in the
text itself: marks need no second look.
"""

import unicodedata
from typing import Final

TRADITIONAL: Final = (
    "雙憂鬱緒壓慮懼緊張驚療醫師護專業學習訓練諮詢問題藥劑診斷單極興奮輕鬆夢覺雜亂親屬"
    "關係媽爺孫兒婦產後離戀愛喪傷創記憶認癡飲進癮賭網遊戲電話線緩幫應該樣麼個們這裡還"
    "來時間開結東國華語漢體會從眾與為無難見聽說讀寫書課講聲響點變動靜養營運減過調節規"
    "則強復發預備測試檢視輔導團隊員實驗證據選擇願對錯誤歲齡歷經濟錢職場勞資較長頭腦腸"
    "臉髮絲總約級給絕統續繼編慣歡樂觀顧顯類飛馬鳥魚麗龍龜傳價優倫側偵傾僅儘儲億兩冊凍"
    "別劃劇務勝勵勢協參吳呂啟喚嗎嘆嚴囑圍園圓圖執堅塊壞壯夾奪妝娛嬰宮寧寬審層島帶幣廣"
    "廢彈彙徑恆悶惡惱慘慚慶憐憑懶戰戶拋掃掛採換揮損搖擁擊擔擬擴擺擾攝攜敗敵數於昇晝暫"
    "曆條楊構槍樓標樹機橫歐歸殘殺殼氣決沒況洩淚淨淺溝溫滅滯滿漸潔潛潤濕灣燈燒爭牆狀猶"
    "獨獲獻現環畫畢異癒皺盜盡監盤睏瞭確碼禮禍種稱穩窮競筆範築簡簽籃糧純紙紛細終組織綜"
    "綠維緣縣縮績繞罰罷聖聞聯肅脅腫腳腎膚臨舊艱藝蘇處虛號蟲術衛衝補裝複覽觸計訂訊討託"
    "訪設許訴評詞詩詳誇誌誠誰談請論諾謝識譯議譽讓豐負財責貧貨貴買費貼賀賓質賴贊贏趕趙"
    "跡踐蹤躍車軟轉輛輪輸辦農迴連週達遞遠適遲遷遺郵鄉醞釋針鈴錄鍵鎮鏡鐘鐵門閃閉閱陣陰"
    "陳陸陽階際隨險隱雖靈頁項順須頓領頻額顏顛風飯飽餓館駐駕騙騷驅鬥鬧鹽麥黃齊齒盧葉劉"
    "蔣鄭鄒羅閻龔輩鍾馮鄧"
)
SIMPLIFIED: Final = (
    "双忧郁绪压虑惧紧张惊疗医师护专业学习训练咨询问题药剂诊断单极兴奋轻松梦觉杂乱亲属"
    "关系妈爷孙儿妇产后离恋爱丧伤创记忆认痴饮进瘾赌网游戏电话线缓帮应该样么个们这里还"
    "来时间开结东国华语汉体会从众与为无难见听说读写书课讲声响点变动静养营运减过调节规"
    "则强复发预备测试检视辅导团队员实验证据选择愿对错误岁龄历经济钱职场劳资较长头脑肠"
    "脸发丝总约级给绝统续继编惯欢乐观顾显类飞马鸟鱼丽龙龟传价优伦侧侦倾仅尽储亿两册冻"
    "别划剧务胜励势协参吴吕启唤吗叹严嘱围园圆图执坚块坏壮夹夺妆娱婴宫宁宽审层岛带币广"
    "废弹汇径恒闷恶恼惨惭庆怜凭懒战户抛扫挂采换挥损摇拥击担拟扩摆扰摄携败敌数于升昼暂"
    "历条杨构枪楼标树机横欧归残杀壳气决没况泄泪净浅沟温灭滞满渐洁潜润湿湾灯烧争墙状犹"
    "独获献现环画毕异愈皱盗尽监盘困了确码礼祸种称稳穷竞笔范筑简签篮粮纯纸纷细终组织综"
    "绿维缘县缩绩绕罚罢圣闻联肃胁肿脚肾肤临旧艰艺苏处虚号虫术卫冲补装复览触计订讯讨托"
    "访设许诉评词诗详夸志诚谁谈请论诺谢识译议誉让丰负财责贫货贵买费贴贺宾质赖赞赢赶赵"
    "迹践踪跃车软转辆轮输办农回连周达递远适迟迁遗邮乡酝释针铃录键镇镜钟铁门闪闭阅阵阴"
    "陈陆阳阶际随险隐虽灵页项顺须顿领频额颜颠风饭饱饿馆驻驾骗骚驱斗闹盐麦黄齐齿卢叶刘"
    "蒋郑邹罗阎龚辈钟冯邓"
)
"""The same characters in the same order: those that talks on mental health use."""

FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
WIDTH: Final = 0xFEE0  # from a full-width form to ASCII
ACCENTED: Final = range(0xC0, 0x250)


def folded(text: str) -> str:
    """Return a text of the same length in lower case, simplified, narrow, without accents."""
    return text.translate(_TABLE)


def _plain(code: int) -> str:
    """Return the letter under the accents of one; the same letter if that is not one letter."""
    base = unicodedata.normalize("NFD", chr(code))[0].lower()
    return base if len(base) == 1 else chr(code)


def _table() -> dict[int, str]:
    upper = {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
    narrow = {code: chr(code - WIDTH).lower() for code in FULL_WIDTH}
    accented = {code: _plain(code) for code in ACCENTED}
    simple = {ord(old): new for old, new in zip(TRADITIONAL, SIMPLIFIED, strict=True)}
    greek = {code: chr(code).lower() for code in range(0x391, 0x430) if len(chr(code).lower()) == 1}
    return {**upper, **narrow, **accented, **greek, **simple, 0x3000: " ", 0x2019: "'"}


_TABLE: Final = _table()
