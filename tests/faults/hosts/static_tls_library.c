/* SPDX-License-Identifier: Apache-2.0 */
/* Thread-local data of the initial-exec model, nearly as much as glibc keeps in reserve for all
 * libraries that are opened later (glibc.rtld.optional_static_tls, 512 bytes by default). */
extern __thread char faults_static_tls[448];

__attribute__((tls_model("initial-exec"))) __thread char faults_static_tls[448];

char *faults_static_tls_address(void);

char *faults_static_tls_address(void)
{
    return faults_static_tls;
}
