using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Fuzz.Targets;

/// <summary>What a router reads first.</summary>
internal sealed class ClientHelloTarget() : FuzzTarget("client-hello", Fuzz.Recordings.OfTransport("client_hello", "bytes"))
{
    public override void Run(byte[] input) => _ = ClientHello.TryParse(input);
}

/// <summary>What a client reads first.</summary>
internal sealed class ServerHelloTarget() : FuzzTarget("server-hello", Fuzz.Recordings.OfTransport("server_hello", "bytes"))
{
    public override void Run(byte[] input) => _ = ServerHello.TryParse(input);
}

/// <summary>What a service reads second.</summary>
internal sealed class ServiceResponseTarget() : FuzzTarget("service-response", Fuzz.Recordings.OfTransport("service_response", "bytes"))
{
    public override void Run(byte[] input) => _ = ServiceResponse.TryParse(input);
}

/// <summary>The signed keys in both hellos.</summary>
internal sealed class SignedKeyTarget() : FuzzTarget("signed-key", Fuzz.Recordings.OfTransport("server_hello", "signed_server_key"))
{
    private readonly PublicKey _signer = PublicKey.FromRaw(KeyAlgorithm.Ed25519, new byte[32]);

    public override void Run(byte[] input) => _ = SignedKey.TryDecode(input)?.IsSignedBy(_signer);
}
