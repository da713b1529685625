// LibTorch's headers that this folder and training use; precompiled, because they take half a
// minute to read.
#pragma once

#include <torch/torch.h>
