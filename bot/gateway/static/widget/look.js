/* The panel's look. One accent colour, the site's; everything else is grey, light or dark as the visitor likes it.
   The accent's own lightness is not ours to choose, so text on it turns black or white, and links take its hue only. */
export const look = new CSSStyleSheet();
look.replaceSync(`
:host{--on:oklch(from var(--a) calc((.56 - l)*999) 0 0);--surface:light-dark(#fff,#17191d);--text:light-dark(#1c2024,#eceef0);
--muted:light-dark(#5b626b,#a4abb5);--soft:light-dark(#f1f3f5,#25292f);--line:light-dark(#e1e5e9,#343a42);--bad:light-dark(#b3261e,#ffb4ab);
--link:light-dark(oklch(from var(--a) min(l,.46) c h),oklch(from var(--a) max(l,.8) min(c,.12) h))}
*,::before{box-sizing:border-box}
[hidden]{display:none!important}
#launcher{position:relative;transition:transform .15s}
#launcher:hover{transform:scale(1.05)}
#launcher .shut{display:none}
#launcher[aria-expanded=true] .shut{display:inline}
#launcher[aria-expanded=true] path:not(.shut){display:none}
#badge{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;
font:600 13px/22px system-ui,sans-serif;background:#c5221f;color:#fff;text-align:center}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
svg{display:block;width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
#launcher svg{width:28px;height:28px;stroke-width:3}
#launcher svg path:not(.shut){fill:currentColor}
#launcher .shut{stroke-width:2}

#panel{position:absolute;bottom:70px;right:0;display:flex;flex-direction:column;width:384px;
height:min(640px,100dvh - 116px);max-width:calc(100vw - 40px);overflow:hidden;border:1px solid var(--line);border-radius:14px;
background:var(--surface);color:var(--text);font:15px/1.5 system-ui,sans-serif;text-align:start;box-shadow:0 12px 40px #0003;
animation:rise .16s ease-out}
:host([data-edge=left]) #panel{right:auto;left:0}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}
button,textarea{font:inherit;color:inherit;margin:0}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
a{color:var(--link)}

.head{display:flex;align-items:center;gap:12px;padding:12px 12px 12px 16px;border-block-end:1px solid var(--line)}
.head div{flex:1;min-width:0}
h2{margin:0;font:600 16px/1.3 system-ui,sans-serif}
.head p{margin:0;font-size:13px;line-height:1.4;color:var(--muted)}
.icon{display:grid;place-items:center;flex:none;width:36px;height:36px;padding:0;border:0;border-radius:50%;background:none;color:var(--muted)}
.icon:hover{background:var(--soft);color:var(--text)}
#banner{padding:8px 16px;background:var(--soft);font-size:14px}
#banner:empty,#status:empty{display:none}

#log{position:relative;flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:16px;scrollbar-width:thin;scrollbar-color:var(--line) transparent}
#log:focus-visible,#field:focus-visible{outline-offset:-2px;border-radius:12px}
#list{display:flex;flex-direction:column;gap:4px;margin:0;padding:0;list-style:none}
li{display:flex;flex-direction:column;align-items:flex-start;max-width:86%;min-width:0}
li[data-from=visitor]{align-self:flex-end;align-items:flex-end}
li:not(:first-child):where([data-from=visitor]),li[data-from=visitor]+li:not([data-from=visitor]),li[data-from=bot]+li[data-from=staff],li[data-from=staff]+li[data-from=bot]{margin-block-start:10px}
li[data-from=visitor]+li[data-from=visitor]{margin-block-start:0}
.sender{margin-inline-start:2px;font-size:13px;color:var(--muted)}
li[data-from=visitor] .sender,li[data-from=bot]+li[data-from=bot] .sender{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.bubble{max-width:100%;padding:8px 12px;border-radius:12px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
li[data-from=visitor] .bubble{background:var(--a);color:var(--on)}
li[data-from=visitor] .bubble a{color:inherit}
li[data-from=staff] .bubble{box-shadow:inset 3px 0 var(--link)}
.hello{max-width:86%;width:fit-content;margin:0 0 10px;padding:8px 12px;border-radius:12px;background:var(--soft)}
.sources{display:flex;flex-direction:column;gap:4px;max-width:100%;margin-block-start:4px}
.source{display:block;padding:8px 12px;border:1px solid var(--line);border-radius:12px;font-size:14px;line-height:1.4;text-decoration:none;overflow-wrap:anywhere}
.source b{font-weight:600}
a.source:hover b{text-decoration:underline}
.source span{display:block;color:var(--muted);font-size:13px}
.source .quote{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.choices,.pair{display:flex;flex-wrap:wrap;gap:8px;margin-block-start:8px}
.choice,.plain,.pair button{min-height:36px;padding:4px 14px;border:1px solid var(--link);border-radius:12px;background:none;color:var(--link)}
.choice:hover,.plain:hover,.pair button:hover{background:var(--soft)}
.state{font-size:13px;color:var(--muted)}
li:not(:last-child):not([data-state=failed]) .state{display:none}
li[data-state=failed] .state{color:var(--bad)}
.link{min-height:32px;padding:0 4px;border:0;background:none;color:var(--link);font-size:14px;text-decoration:underline;text-underline-offset:3px}
.link:disabled{color:var(--muted);text-decoration:none;cursor:default}
#earlier{display:block;margin:0 auto 8px}
#newer{display:block;position:sticky;inset-block-end:0;margin:8px auto 0;padding:4px 14px;min-height:32px;border:1px solid var(--line);border-radius:16px;
background:var(--surface);color:var(--link);font-size:14px;box-shadow:0 2px 8px #0002}
.foot{display:flex;flex-direction:column;padding:0 12px 8px}
#typing{height:22px;padding:0 4px;overflow:hidden;font-size:13px;line-height:22px;color:var(--muted);white-space:nowrap;text-overflow:ellipsis}
#status{padding:4px 16px 0;font-size:13px;color:var(--muted)}
#status.bad{color:var(--bad)}
#consent,#memory{margin:4px 12px 0;padding:10px 12px;border:1px solid var(--line);border-radius:12px;font-size:14px}
#consent p,#memory p{margin:0}
.pair button{flex:1;background:none}
#memory{max-height:40%;overflow-y:auto}
#memory ul{margin:0;padding:0}
#memory li{flex-direction:row;justify-content:space-between;align-items:center;gap:8px;max-width:none;overflow-wrap:anywhere}
form{display:flex;align-items:flex-end;gap:4px;padding:3px;border:1px solid light-dark(#868e98,#7b838e);border-radius:14px}
form:focus-within{border-color:var(--link);box-shadow:0 0 0 1px var(--link)}
#field{flex:1;min-width:0;max-height:132px;padding:7px 8px 7px 10px;border:0;background:none;outline:0;resize:none;line-height:22px;font-size:16px}
#field::placeholder{color:var(--muted);opacity:1}
#send{background:var(--a);color:var(--on);border-radius:11px}
#send:hover{background:var(--a);color:var(--on)}
#send:disabled{background:var(--soft);color:var(--muted);cursor:default}
:dir(rtl)>#send svg{transform:scaleX(-1)}
.under{display:flex;justify-content:space-between;align-items:center;gap:8px;min-height:32px;margin-block-start:4px;font-size:13px;color:var(--muted)}
.under .bad{color:var(--bad)}

@media (width<480px){
#panel{position:fixed;inset:var(--top,0) 0 auto!important;width:100vw;max-width:none;height:var(--tall,100dvh);border:0;border-radius:0;
padding-block:env(safe-area-inset-top) env(safe-area-inset-bottom)}
#launcher[aria-expanded=true]{visibility:hidden}}
@media (height<420px){#panel{overflow-y:auto}#log{flex:1 0 140px}.foot{position:sticky;inset-block-end:0;background:var(--surface)}.head p{display:none}}
@media (prefers-reduced-motion){*{animation:none!important;transition:none!important}}
@media (forced-colors:active){.bubble,.hello,#send,#badge{border:1px solid}form:focus-within{outline:2px solid}}
`);
