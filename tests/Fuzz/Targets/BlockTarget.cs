using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Fuzz.Targets;

/// <summary>Padded blocks and encrypted blocks.</summary>
internal sealed class BlockTarget() : FuzzTarget("block", [Padded(), Encrypted()])
{
    private readonly BlockDecoder _plain = new();

    public override void Run(byte[] input)
    {
        byte[] block = new byte[Block.Length];
        input.AsSpan(0, Math.Min(input.Length, block.Length)).CopyTo(block);
        using var encrypted = new BlockDecoder(Chain());
        _ = encrypted.TryDecode((byte[])[.. block], out _);
        _ = _plain.TryDecode(block, out _);
    }

    private static SecretChain Chain() => SecretChain.Start("session"u8, new byte[32]).RouterSends;

    private static byte[] Padded() => Encode(new BlockEncoder());

    private static byte[] Encrypted() => Encode(new BlockEncoder(Chain()));

    private static byte[] Encode(BlockEncoder encoder)
    {
        byte[] block = new byte[Block.Length];
        encoder.Encode(block, 100);
        return block;
    }
}
