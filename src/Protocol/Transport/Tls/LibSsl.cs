using System.Runtime.InteropServices;
using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>
/// The calls of libssl and libcrypto that TLS needs. Constants stand for OpenSSL's macros of the same meaning,
/// which are not exported. Pointers are SSL_CTX (<c>context</c>), SSL (<c>ssl</c>) and BIO (<c>bio</c>).
/// </summary>
internal static unsafe partial class LibSsl
{
    private const string Ssl = NativeLibraries.Ssl;
    private const string Crypto = NativeLibraries.Crypto;

    public const int Tls12 = 0x0303;
    public const int Tls13 = 0x0304;

    public const int ControlMode = 33;
    public const int ControlSessionCacheMode = 44;
    public const int ControlMinVersion = 123;
    public const int ControlMaxVersion = 124;
    public const int ControlGroups = 92;
    public const int ControlSignatureAlgorithms = 98;
    public const int ControlAddChainCertificate = 89;
    public const int ControlServerNameCallback = 53;

    public const int ModePartialWrite = 0x01;
    public const int ModeMovingWriteBuffer = 0x02;
    public const int ModeReleaseBuffers = 0x10;

    public const ulong OptionNoTicket = 1UL << 14;
    public const ulong OptionNoCompression = 1UL << 17;
    public const ulong OptionServerPreference = 1UL << 22;
    public const ulong OptionNoRenegotiation = 1UL << 30;

    public const int VerifyNone = 0;
    public const int VerifyPeer = 1;

    public const int ErrorWantRead = 2;
    public const int ErrorZeroReturn = 6;

    public const int ServerNameHost = 0;
    public const int AlpnChosen = 0;
    public const int AlpnFatal = 2;

    public const int BioSourceSink = 0x0400;
    public const int BioFlagsReadRetry = 0x09;
    public const int BioFlagsAllRetry = 0x0F;
    public const int BioControlFlush = 11;

    static LibSsl() => NativeLibraries.Register();

    [LibraryImport(Ssl, EntryPoint = "TLS_server_method")]
    public static partial nint ServerMethod();

    [LibraryImport(Ssl, EntryPoint = "TLS_client_method")]
    public static partial nint ClientMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial nint NewContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint ContextControl(TlsContextHandle context, int command, nint number, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ContextControl(TlsContextHandle context, int command, nint number, string text);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_callback_ctrl")]
    public static partial nint ContextCallback(TlsContextHandle context, int command, delegate* unmanaged<nint, nint, nint, int> callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(TlsContextHandle context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_num_tickets")]
    public static partial int SetTicketCount(TlsContextHandle context, nuint count);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_session_id_context")]
    public static partial int SetSessionIdContext(TlsContextHandle context, byte* id, uint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_ciphersuites", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetCiphersTls13(TlsContextHandle context, string list);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_cipher_list", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetCiphersTls12(TlsContextHandle context, string list);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_certificate_ASN1")]
    public static partial int UseCertificate(TlsContextHandle context, int length, byte* der);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_use_PrivateKey")]
    public static partial int UsePrivateKey(TlsContextHandle context, nint key);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(TlsContextHandle context, int mode, nint callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_cert_verify_callback")]
    public static partial void SetChainCallback(TlsContextHandle context, delegate* unmanaged<nint, nint, int> callback, nint argument);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_alpn_select_cb")]
    public static partial void SetAlpnCallback(TlsContextHandle context, delegate* unmanaged<nint, byte**, byte*, byte*, uint, nint, int> callback, nint argument);

    /// <summary>Returns 0 on success.</summary>
    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_alpn_protos")]
    public static partial int SetAlpnOffer(TlsContextHandle context, byte* list, uint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial nint NewSession(TlsContextHandle context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void FreeSession(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint ssl, nint readBio, nint writeBio);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_rbio")]
    public static partial nint ReadBioOf(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void BeServer(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_connect_state")]
    public static partial void BeClient(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_do_handshake")]
    public static partial int Handshake(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_peek")]
    public static partial int Peek(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    public static partial int Write(nint ssl, byte* data, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_pending")]
    public static partial int Pending(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_shutdown")]
    public static partial int Shutdown(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    public static partial int ErrorOf(nint ssl, int result);

    [LibraryImport(Ssl, EntryPoint = "SSL_version")]
    public static partial int VersionOf(nint ssl);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_finished")]
    public static partial nuint OwnFinished(nint ssl, byte* buffer, nuint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_peer_finished")]
    public static partial nuint PeerFinished(nint ssl, byte* buffer, nuint length);

    [LibraryImport(Ssl, EntryPoint = "SSL_get0_alpn_selected")]
    public static partial void SelectedAlpn(nint ssl, byte** name, uint* length);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_servername")]
    public static partial nint ServerName(nint ssl, int type);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_SSL_CTX")]
    public static partial nint SwitchContext(nint ssl, TlsContextHandle context);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_verify")]
    public static partial void SetSessionVerify(nint ssl, int mode, nint callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_ex_data_X509_STORE_CTX_idx")]
    public static partial int StoreContextIndex();

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_CTX_get_ex_data")]
    public static partial nint StoreContextData(nint storeContext, int index);

    /// <summary>Borrowed stack of the certificates that the peer sent, leaf first.</summary>
    [LibraryImport(Crypto, EntryPoint = "X509_STORE_CTX_get0_untrusted")]
    public static partial nint SentChain(nint storeContext);

    [LibraryImport(Crypto, EntryPoint = "X509_STORE_CTX_set_error")]
    public static partial void SetChainError(nint storeContext, int error);

    [LibraryImport(Crypto, EntryPoint = "OPENSSL_sk_num")]
    public static partial int StackCount(nint stack);

    [LibraryImport(Crypto, EntryPoint = "OPENSSL_sk_value")]
    public static partial nint StackItem(nint stack, int index);

    [LibraryImport(Crypto, EntryPoint = "BIO_get_new_index")]
    public static partial int NewBioIndex();

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewBioMethod(int type, string name);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_read")]
    public static partial int SetBioRead(nint method, delegate* unmanaged<nint, byte*, int, int> read);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_write")]
    public static partial int SetBioWrite(nint method, delegate* unmanaged<nint, byte*, int, int> write);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_ctrl")]
    public static partial int SetBioControl(nint method, delegate* unmanaged<nint, int, nint, nint, nint> control);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_create")]
    public static partial int SetBioCreate(nint method, delegate* unmanaged<nint, int> create);

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    public static partial nint NewBio(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_init")]
    public static partial void SetBioInit(nint bio, int init);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_data")]
    public static partial void SetBioData(nint bio, nint data);

    [LibraryImport(Crypto, EntryPoint = "BIO_get_data")]
    public static partial nint BioData(nint bio);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_flags")]
    [SuppressGCTransition]
    public static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "BIO_clear_flags")]
    [SuppressGCTransition]
    public static partial void ClearBioFlags(nint bio, int flags);
}
