/* One kernel of kernels.h on the bare board: WORK picks it, REPEAT is the
 * number of operations. Prints the checksum and powers off. */
#include "bare.h"
#include "kernels.h"

int main(void) {
    print(WORK(REPEAT));
    off();
}
