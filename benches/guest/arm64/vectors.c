/* Floating point and Advanced SIMD on the bare board: WORK picks a kernel,
 * REPEAT is the number of its operations. Prints a checksum, which does not
 * depend on who runs it, and powers off. Where there are fractions, results are
 * rounded soon, as in real programs: until then an emulator has to look whether
 * they are exact. */
#include <arm_neon.h>
#include "bare.h"

/* Plain loops below are for the compiler to make vectors of. */
#define VECTORISED __attribute__((noinline, optimize("O3")))

static u64 bits(double d) { union { double d; u64 u; } v = {d}; return v.u; }
static u64 mixed(u64 sum, u64 value) { return (sum ^ value) * 0x100000001b3; }
static u64 sum_of(const void *from, u64 bytes) {
    u64 sum = 0;
    for (const u64 *at = from; bytes; bytes -= 8) sum = mixed(sum, *at++);
    return sum;
}

/* What the kernels work on, and random bytes to begin with. */
#define BYTES 16384
static u8 a[BYTES] __attribute__((aligned(16))), b[BYTES] __attribute__((aligned(16)));
static u8 out[BYTES] __attribute__((aligned(16)));
static void fill(void) {
    u64 x = 88172645463325252;
    for (int i = 0; i < BYTES; i++) {
        x ^= x << 13; x ^= x >> 7; x ^= x << 17;
        a[i] = x >> 11; b[i] = x >> 23;
    }
}

/* One operation: a multiplication and an addition of floats or doubles. */
static float fx[4096], fy[4096];
VECTORISED static void saxpy_of(float k) { for (int i = 0; i < 4096; i++) fy[i] += k * fx[i]; }
static u64 saxpy(u64 n) {
    for (int i = 0; i < 4096; i++) fx[i] = i * 0.25f, fy[i] = 1;
    for (u64 i = 0; i < n; i += 4096) saxpy_of(i & 4096 ? 0.5f : -0.499f);
    return sum_of(fy, sizeof fy);
}
static double dx[2048], dy[2048];
VECTORISED static void daxpy_of(double k) { for (int i = 0; i < 2048; i++) dy[i] += k * dx[i]; }
static u64 daxpy(u64 n) {
    for (int i = 0; i < 2048; i++) dx[i] = i * 0.25, dy[i] = 1;
    for (u64 i = 0; i < n; i += 2048) daxpy_of(i & 2048 ? 0.5 : -0.499);
    return sum_of(dy, sizeof dy);
}

/* One operation: a multiplication and an addition in the product of matrices. */
#define SIDE 64
static float left[SIDE][SIDE], right[SIDE][SIDE], product[SIDE][SIDE];
static void four_rows(int row) {
    for (int j = 0; j < SIDE; j += 4) {
        float32x4_t c[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
        for (int k = 0; k < SIDE; k += 4) {
            float32x4_t r0 = vld1q_f32(&right[k][j]), r1 = vld1q_f32(&right[k + 1][j]);
            float32x4_t r2 = vld1q_f32(&right[k + 2][j]), r3 = vld1q_f32(&right[k + 3][j]);
            for (int i = 0; i < 4; i++) {
                float32x4_t l = vld1q_f32(&left[row + i][k]);
                c[i] = vfmaq_laneq_f32(c[i], r0, l, 0);
                c[i] = vfmaq_laneq_f32(c[i], r1, l, 1);
                c[i] = vfmaq_laneq_f32(c[i], r2, l, 2);
                c[i] = vfmaq_laneq_f32(c[i], r3, l, 3);
            }
        }
        for (int i = 0; i < 4; i++) vst1q_f32(&product[row + i][j], c[i]);
    }
}
static u64 matrices(u64 n) {
    for (int i = 0; i < SIDE; i++) for (int j = 0; j < SIDE; j++)
        left[i][j] = i - j * 0.3f, right[i][j] = j + i * 0.7f;
    for (u64 i = 0; i < n; i += SIDE * SIDE * SIDE) {
        left[0][0] += 1;
        for (int row = 0; row < SIDE; row += 4) four_rows(row);
    }
    return sum_of(product, sizeof product);
}

/* One operation: the product of two signed bytes, added up. */
static u64 dot_product(u64 n) {
    int32x4_t sum = vdupq_n_s32(0);
    for (u64 i = 0; i < n; i += 16) {
        int8x16_t x = vreinterpretq_s8_u8(vld1q_u8(a + i % BYTES)), y = vreinterpretq_s8_u8(vld1q_u8(b + i % BYTES));
        sum = vpadalq_s16(sum, vmull_s8(vget_low_s8(x), vget_low_s8(y)));
        sum = vpadalq_s16(sum, vmull_high_s8(x, y));
    }
    return (u32)vaddvq_s32(sum);
}

/* One operation: a byte of two pictures, one of them a little transparent. */
static u64 blend(u64 n) {
    for (u64 i = 0; i < n; i += 16) {
        uint8x16_t x = vld1q_u8(a + i % BYTES), y = vld1q_u8(b + i % BYTES), alpha = vdupq_n_u8(i >> 14);
        uint8x16_t beta = vmvnq_u8(alpha);
        uint16x8_t low = vmlal_u8(vmull_u8(vget_low_u8(x), vget_low_u8(alpha)), vget_low_u8(y), vget_low_u8(beta));
        uint16x8_t high = vmlal_high_u8(vmull_high_u8(x, alpha), y, beta);
        vst1q_u8(out + i % BYTES, vqrshrn_high_n_u16(vqrshrn_n_u16(low, 8), high, 8));
    }
    return sum_of(out, BYTES);
}

/* One operation: a byte that is looked at for being the wanted one. */
static u64 find_byte(u64 n) {
    u64 sum = 0;
    for (u64 i = 0; i < n;) {
        /* One that is there, and one that comes late or not at all. */
        uint8x16_t wanted = vdupq_n_u8(i >> 6);
        for (u64 end = i + 512; i < end; i += 16) {
            uint8x16_t same = vceqq_u8(vld1q_u8(a + i % BYTES), wanted);
            if (vmaxvq_u8(same)) {
                u64 nibbles = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(same), 4)), 0);
                sum += __builtin_ctzl(nibbles) >> 2;
            }
        }
    }
    return sum;
}

/* One operation: a byte encoded for text, by tables of 16 and 64. */
static u64 table_lookup(u64 n) {
    static const u8 text[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8x16x4_t letters = vld1q_u8_x4(text);
    uint8x16_t digits = vld1q_u8((const u8 *)"0123456789abcdef");
    for (u64 i = 0; i < n; i += 16) {
        uint8x16_t x = vld1q_u8(a + i % BYTES);
        uint8x16_t y = vqtbl4q_u8(letters, vandq_u8(x, vdupq_n_u8(63)));
        vst1q_u8(out + i % BYTES, veorq_u8(y, vqtbl1q_u8(digits, vshrq_n_u8(x, 4))));
    }
    return sum_of(out, BYTES);
}

/* One operation: a round of AES on four blocks. */
__attribute__((target("+crypto"))) static u64 aes(u64 n) {
    uint8x16_t s0 = vld1q_u8(a), s1 = vld1q_u8(a + 16), s2 = vld1q_u8(a + 32), s3 = vld1q_u8(a + 48);
    for (u64 i = 0; i < n; i++) {
        uint8x16_t key = vld1q_u8(b + i % 16 * 16);
        s0 = vaesmcq_u8(vaeseq_u8(s0, key)); s1 = vaesmcq_u8(vaeseq_u8(s1, key));
        s2 = vaesmcq_u8(vaeseq_u8(s2, key)); s3 = vaesmcq_u8(vaeseq_u8(s3, key));
    }
    vst1q_u8(out, veorq_u8(veorq_u8(s0, s1), veorq_u8(s2, s3)));
    return sum_of(out, 16);
}

/* One operation: four rounds of SHA-256. */
__attribute__((target("+crypto"))) static u64 sha256(u64 n) {
    uint32x4_t w0 = vld1q_u32((u32 *)a), w1 = vld1q_u32((u32 *)a + 4), w2 = vld1q_u32((u32 *)a + 8);
    uint32x4_t w3 = vld1q_u32((u32 *)a + 12), x = vld1q_u32((u32 *)b), y = vld1q_u32((u32 *)b + 4);
    for (u64 i = 0; i < n; i++) {
        uint32x4_t k = vaddq_u32(w0, vld1q_u32((u32 *)b + i % 16 * 4)), before = x;
        x = vsha256hq_u32(x, y, k);
        y = vsha256h2q_u32(y, before, k);
        uint32x4_t w4 = vsha256su1q_u32(vsha256su0q_u32(w0, w1), w2, w3);
        w0 = w1; w1 = w2; w2 = w3; w3 = w4;
    }
    vst1q_u32((u32 *)out, x);
    vst1q_u32((u32 *)out + 4, y);
    return sum_of(out, 32);
}

/* One operation: four numbers of sixteen, sorted. */
#define ORDER(x, y) { uint32x4_t t = vminq_u32(x, y); y = vmaxq_u32(x, y); x = t; }
static u64 sort(u64 n) {
    uint32x4_t sum = vdupq_n_u32(0);
    for (u64 i = 0; i < n; i += 4) {
        const u32 *at = (const u32 *)(a + i * 16 % BYTES);
        uint32x4_t p = vld1q_u32(at), q = vld1q_u32(at + 4), r = vld1q_u32(at + 8), s = vld1q_u32(at + 12);
        p = veorq_u32(p, sum);
        ORDER(p, r) ORDER(q, s) ORDER(p, q) ORDER(r, s) ORDER(q, r)
        uint32x4x2_t pq = vtrnq_u32(p, q), rs = vtrnq_u32(r, s);
        p = vreinterpretq_u32_u64(vzip1q_u64(vreinterpretq_u64_u32(pq.val[0]), vreinterpretq_u64_u32(rs.val[0])));
        q = vreinterpretq_u32_u64(vzip2q_u64(vreinterpretq_u64_u32(pq.val[1]), vreinterpretq_u64_u32(rs.val[1])));
        ORDER(p, q)
        p = vrev64q_u32(p);
        ORDER(p, q)
        sum = veorq_u32(vaddq_u32(sum, p), vextq_u32(q, q, 1));
    }
    vst1q_u32((u32 *)out, sum);
    return sum_of(out, 16);
}

/* One operation: a step of five bodies that attract each other. */
static u64 bodies(u64 n) {
    double x[5], y[5], z[5], u[5] = {0}, v[5] = {0}, w[5] = {0}, mass[5];
    for (int i = 0; i < 5; i++) x[i] = i * 1.5, y[i] = 3 - i * i * 0.3, z[i] = i % 2, mass[i] = 1.0 / (i + 1);
    while (n--) {
        for (int i = 0; i < 5; i++) for (int j = i + 1; j < 5; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
            double square = dx * dx + dy * dy + dz * dz + 0.01;
            double pull = 0.001 / (square * __builtin_sqrt(square));
            u[i] -= dx * mass[j] * pull; v[i] -= dy * mass[j] * pull; w[i] -= dz * mass[j] * pull;
            u[j] += dx * mass[i] * pull; v[j] += dy * mass[i] * pull; w[j] += dz * mass[i] * pull;
        }
        for (int i = 0; i < 5; i++) x[i] += u[i] * 0.001, y[i] += v[i] * 0.001, z[i] += w[i] * 0.001;
    }
    return sum_of(x, sizeof x) ^ sum_of(y, sizeof y) ^ sum_of(z, sizeof z);
}

/* One operation: a step of z² + c. */
static u64 mandelbrot(u64 n) {
    u64 sum = 0;
    for (u64 point = 0;; point++) {
        double x = 0, y = 0, cx = (point % 64) * 0.04 - 2, cy = (point / 64 % 64) * 0.03 - 1;
        for (int i = 0; i < 200; i++) {
            double xx = x * x, yy = y * y;
            if (xx + yy > 4) break;
            y = 2 * x * y + cy;
            x = xx - yy + cx;
            sum++;
            if (!--n) return mixed(sum, bits(x) ^ bits(y));
        }
    }
}

/* One operation: an integer made a float, scaled, and made an integer again,
 * by vectors and one by one. */
static u64 conversions(u64 n) {
    u64 sum = 0;
    for (u64 i = 0; i < n; i += 9) {
        const int *at = (const int *)(a + i / 9 * 32 % BYTES);
        float32x4_t p = vcvtq_f32_s32(vld1q_s32(at)), q = vcvtq_f32_s32(vld1q_s32(at + 4));
        float64x2_t wide = vcvt_high_f64_f32(p);
        p = vmulq_n_f32(p, 0.001f);
        q = vrndnq_f32(vmulq_n_f32(q, 0.125f));
        vst1q_s32((int *)out, vaddq_s32(vcvtq_s32_f32(p), vcvtnq_s32_f32(q)));
        vst1_f32((float *)(out + 16), vcvt_f32_f64(vmulq_n_f64(wide, 1.0 / 3)));
        double one = (double)(long)(sum >> 20) * 1.37;
        sum = mixed(sum, (u64)(long)one) + sum_of(out, 24);
    }
    return sum;
}

/* One operation: two floats compared, and one of them taken and kept in bounds. */
static u64 selects(u64 n) {
    for (int i = 0; i < 4096; i++) fx[i] = (int)((u32 *)a)[i % 4096] * 0.001f, fy[i] = 0;
    for (u64 i = 0; i < n; i += 4) {
        float32x4_t x = vld1q_f32(fx + i % 4096), y = vld1q_f32(fy + i % 4096);
        float32x4_t z = vbslq_f32(vcgtq_f32(x, y), vsubq_f32(x, vdupq_n_f32(0.5f)), vaddq_f32(y, vabsq_f32(x)));
        uint32x4_t large = vcgeq_f32(vabsq_f32(z), vdupq_n_f32(1e5f));
        z = vmaxq_f32(vminq_f32(z, vdupq_n_f32(1e6f)), vdupq_n_f32(-1e6f));
        vst1q_f32(fy + i % 4096, vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(z), vandq_u32(large, vdupq_n_u32(7)))));
    }
    return sum_of(fy, sizeof fy);
}

/* One operation: a sample through a filter of second order, one by one. */
static u64 filter(u64 n) {
    float x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    double power = 0;
    for (u64 i = 0; i < n; i++) {
        float x = a[i % BYTES] - 127.5f;
        float y = 0.2f * x + 0.4f * x1 + 0.2f * x2 + 0.3f * y1 - 0.1f * y2;
        x2 = x1; x1 = x; y2 = y1; y1 = y;
        power += __builtin_fabsf(y) > 100 ? 100 : y;
    }
    return bits(power);
}

/* One operation: a sample of 16 bits, scaled and added with saturation. */
static u64 saturation(u64 n) {
    int16x8_t gain = vdupq_n_s16(23170);
    for (u64 i = 0; i < n; i += 8) {
        u64 at = i * 2 % BYTES;
        int16x8_t x = vreinterpretq_s16_u8(vld1q_u8(a + at)), y = vreinterpretq_s16_u8(vld1q_u8(b + at));
        int16x8_t z = vqaddq_s16(vqrdmulhq_s16(x, gain), vqdmulhq_n_s16(y, (short)i));
        vst1q_u8(out + at, vreinterpretq_u8_s16(vqsubq_s16(vqshlq_n_s16(z, 1), vshrq_n_s16(x, 2))));
    }
    return sum_of(out, BYTES);
}

/* One operation: a pixel of four interleaved bytes made grey. */
static u64 grey(u64 n) {
    for (u64 i = 0; i < n; i += 8) {
        uint8x8x4_t pixel = vld4_u8(a + i * 4 % BYTES);
        uint16x8_t y = vmull_u8(pixel.val[0], vdup_n_u8(77));
        y = vmlal_u8(y, pixel.val[1], vdup_n_u8(150));
        y = vmlal_u8(y, pixel.val[2], vdup_n_u8(29));
        uint8x8_t shade = vrshrn_n_u16(y, 8);
        vst2_u8(out + i * 2 % BYTES, (uint8x8x2_t){{shade, pixel.val[3]}});
    }
    return sum_of(out, BYTES);
}

/* One operation: the ones of a byte, counted. */
static u64 count_ones(u64 n) {
    uint64x2_t sum = vdupq_n_u64(0);
    for (u64 i = 0; i < n; i += 16) {
        uint8x16_t ones = vcntq_u8(veorq_u8(vld1q_u8(a + i % BYTES), vreinterpretq_u8_u64(sum)));
        sum = vpadalq_u32(sum, vpaddlq_u16(vpaddlq_u8(ones)));
    }
    return vaddvq_u64(sum);
}

int main(void) {
    fill();
    print(WORK(REPEAT));
    off();
}
