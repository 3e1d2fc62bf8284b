/**
 * Loaded before the application (`electron -r`): WebGPU on Chromium's software adapter, for machines without a graphics
 * processor. The driver's loader drops features that are named as arguments.
 */
const { app } = require('electron');

for (const [name, value] of [
  ['enable-unsafe-webgpu'],
  ['enable-features', 'Vulkan'],
  ['use-vulkan', 'swiftshader'],
  ['use-webgpu-adapter', 'swiftshader'],
  ['disable-vulkan-surface'],
])
  app.commandLine.appendSwitch(name, value);
