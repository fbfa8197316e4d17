"""What a compiled segmentation would cost: a prototype in C, measured beside `newsbot.core.blocks.segment`."""
